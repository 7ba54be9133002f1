@echo off
rem Starts kintone-sync, with the Java in runtime\ if there is one, otherwise with that of JAVA_HOME or
rem the PATH. Options for Java come from JAVA_OPTS; KINTONE_SYNC_HOME names another folder of data.
setlocal DisableDelayedExpansion

rem Everything is written in UTF-8. The code page is given back at the end: other programs of this
rem window may need the one that they had.
set "CODEPAGE="
for /f "tokens=2 delims=:." %%c in ('chcp') do set "CODEPAGE=%%c"
chcp 65001 >nul

for %%i in ("%~dp0..") do set "HERE=%%~fi"

set "DATA=%HERE%"
if defined KINTONE_SYNC_HOME set "DATA=%KINTONE_SYNC_HOME%"

rem The Java that came with this package; it needs no others, and has its options in it.
set "MAJOR=0"
set "JAVA=%HERE%\runtime\bin\java.exe"
if exist "%JAVA%" goto java_found
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java.exe"

rem The outer quotes are for cmd, which takes away the first and the last one of a line.
set "VERSION="
for /f "tokens=3" %%v in ('^""%JAVA%" -version 2^>^&1 ^| findstr /i version^"') do if not defined VERSION set "VERSION=%%~v"
if not defined VERSION goto needs_java
set "MAJOR="
for /f "delims=.-+" %%m in ("%VERSION%") do set "MAJOR=%%m"
if not defined MAJOR goto needs_java
if %MAJOR% LSS 17 goto needs_java

:java_found
rem Options that one may override with JAVA_OPTS. The second compiler pays off after minutes only:
rem programs that run for long get it. Of the others a third of the time is Java compiling what it
rem runs for the first time, so it takes smaller bites, and makes no classes for what is called by
rem reflection. The simulator holds all records in its memory; the others take
rem little memory for as long as little is enough: the heap grows only where its rows fill it. A service
rem waits most of the time, and has several jobs at once.
set "SIZES=-Xms32m -Xmn16m -Xmx192m"
if /i "%~1"=="run" set "SIZES=-Xms20m -Xmn10m -Xmx256m"
set "MEMORY=%SIZES% -XX:+UseSerialGC -XX:MinHeapFreeRatio=20 -XX:MaxHeapFreeRatio=40"
if /i "%~1"=="simulate" set "MEMORY=-XX:MaxRAMPercentage=60 -XX:+UseParallelGC -XX:ParallelGCThreads=2"
rem Without the figures that Java keeps of itself twenty times a second, for jps and jstat.
set "OPTIONS=%MEMORY% -XX:+ExitOnOutOfMemoryError -XX:-UsePerfData"
if /i not "%~1"=="run" if /i not "%~1"=="simulate" set "OPTIONS=%OPTIONS% -XX:TieredStopAtLevel=1 -XX:C1MaxInlineSize=18 -Djdk.reflect.useNativeAccessorOnly=true"

rem Java 23 and newer would tell that Netty's way of using memory is out of date.
if %MAJOR% GEQ 23 set "OPTIONS=%OPTIONS% --sun-misc-unsafe-memory-access=allow"

rem What the package has made; where it does not fit this Java, it is passed over without a word.
set "CLASSES=-Xshare:auto"
rem The program's own jar first, so that the others are opened only when they are needed.
set "JARS=%HERE%\lib\*"
for %%j in ("%HERE%\lib\kintone-sync-*.jar") do set "JARS=%%~fj;%HERE%\lib\*"
if not exist "%HERE%\lib\classpath.jar" goto start
set "JARS=%HERE%\lib\classpath.jar;%JARS%"
if not exist "%HERE%\lib\classes.aot" goto start
rem All of them are taken at once, which is no help to what is answered without a library. (This has
rem not been tried on Windows.)
if "%~1"=="help" goto start
if "%~1"=="--help" goto start
if "%~1"=="-h" goto start
if "%~2"=="--help" goto start
if "%~2"=="-h" goto start
if not "%~2"=="" goto kept
if "%~1"=="--version" goto start
if "%~1"=="-V" goto start

:kept
set "CLASSES=-XX:AOTCache=%HERE%\lib\classes.aot"
set "OPTIONS=%OPTIONS% -Xlog:aot*=off -Xlog:cds*=off -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0"

:start
"%JAVA%" %OPTIONS% "%CLASSES%" %JAVA_OPTS% -Dfile.encoding=UTF-8 "-Dkintone-sync.home=%DATA%\." "-Dkintone-sync.program=%HERE%\." -cp "%JARS%" dev.kintonesync.cli.Start %*
set "EXITCODE=%ERRORLEVEL%"
goto end

:needs_java
type "%~dp0needs-java.txt" 1>&2
if defined VERSION echo "%JAVA%": Java %VERSION% 1>&2
set "EXITCODE=2"

:end
if defined CODEPAGE chcp %CODEPAGE% >nul
exit /b %EXITCODE%
