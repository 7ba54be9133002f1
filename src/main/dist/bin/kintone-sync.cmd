@echo off
rem Starts kintone-sync. Java is found through JAVA_HOME or the PATH; options for it come from JAVA_OPTS.
setlocal
chcp 65001 >nul
set "HERE=%~dp0.."
for %%i in ("%HERE%") do set "HERE=%%~fi"
if defined JAVA_HOME (set "JAVA=%JAVA_HOME%\bin\java.exe") else (set "JAVA=java")
set "VERSION="
for /f "tokens=3" %%v in ('""%JAVA%" -version 2^>^&1" ^| findstr /i " version "') do set "VERSION=%%~v"
if not defined VERSION (
  echo kintone-sync needs Java 17 or newer, and found none. Install one, or set JAVA_HOME to its folder. 1>&2
  exit /b 2
)
for /f "delims=.-+" %%m in ("%VERSION%") do set "MAJOR=%%m"
if %MAJOR% LSS 17 (
  echo kintone-sync needs Java 17 or newer, and found Java %VERSION%. Set JAVA_HOME to a newer one. 1>&2
  exit /b 2
)
"%JAVA%" -Xmx256m -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError %JAVA_OPTS% -Dfile.encoding=UTF-8 -Dsun.stdout.encoding=UTF-8 -Dsun.stderr.encoding=UTF-8 "-Dkintone-sync.home=%HERE%" -cp "%HERE%\lib\*" dev.kintonesync.cli.Main %*
exit /b %ERRORLEVEL%
