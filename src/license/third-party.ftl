<#-- The list of jars in lib/ with their licences: THIRD-PARTY.txt of the distribution. -->
kintone-sync is made with the work of others. These jars lie in lib/ as they were published, each as
a file of its own. Each is under its own licence, or, where there are several, under the one of them
that you choose. The texts of the licences are in licenses/; where a jar has notices of its own,
they are in its META-INF folder.

In packages with a Java of their own (a folder runtime/) the jars are not compressed and lack machine
code for other systems, and the classes of picocli are in a newer class file format. They do the same.

The sources of the jars are published beside them in the Maven Central Repository, under the names
given here with the ending -sources.jar, and at the addresses given here.

Jars under the LGPL may be replaced by your own version: put it into lib/ in the place of ours, and
run bin/quicken once. Nothing in kintone-sync prevents this, or forbids taking it apart to find
faults in your changes.

<#list dependencyMap as entry>
${entry.getKey().groupId}:${entry.getKey().artifactId}:${entry.getKey().version}
    <#list entry.getValue() as license>${license}<#sep> or </#list>
    ${entry.getKey().url!""}
</#list>
