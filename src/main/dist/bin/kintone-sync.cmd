@echo off
rem Starts kintone-sync. Java is found through JAVA_HOME or the PATH; options for it come from JAVA_OPTS.
setlocal DisableDelayedExpansion

rem Everything is written in UTF-8. The code page is given back at the end: other programs of this
rem window may need the one that they had.
set "CODEPAGE="
for /f "tokens=2 delims=:." %%c in ('chcp') do set "CODEPAGE=%%c"
chcp 65001 >nul

for %%i in ("%~dp0..") do set "HERE=%%~fi"

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

rem Options that one may override with JAVA_OPTS. The second compiler pays off after minutes only:
rem programs that run for long get it.
set "OPTIONS=-Xmx256m -XX:+UseParallelGC -XX:ParallelGCThreads=2 -XX:+ExitOnOutOfMemoryError"
if /i not "%~1"=="run" if /i not "%~1"=="simulate" set "OPTIONS=%OPTIONS% -XX:TieredStopAtLevel=1"

"%JAVA%" %OPTIONS% %JAVA_OPTS% -Dfile.encoding=UTF-8 "-Dkintone-sync.home=%HERE%\." -cp "%HERE%\lib\*" dev.kintonesync.cli.Main %*
set "EXITCODE=%ERRORLEVEL%"
goto end

:needs_java
type "%~dp0needs-java.txt" 1>&2
if defined VERSION echo "%JAVA%": Java %VERSION% 1>&2
set "EXITCODE=2"

:end
if defined CODEPAGE chcp %CODEPAGE% >nul
exit /b %EXITCODE%
