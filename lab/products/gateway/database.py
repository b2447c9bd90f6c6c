"""The database scripts of the gateway's image. The vendor's schema is not public; this one is our own and small."""

from __future__ import annotations

TABLES = ("COMMUNITY", "COMMUNITY_PROPERTY", "DOMAIN_NAME", "USER_ACCESS", "GATEWAY_PROPERTY")

SCHEMA = """\
-- Tables of the gateway: communities, their properties and domains, users' rights, properties of the gateway.
CREATE BUFFERPOOL GWBP8K IMMEDIATE SIZE 1000 PAGESIZE 8192;
CREATE REGULAR TABLESPACE GWTS8K PAGESIZE 8192 BUFFERPOOL GWBP8K;
CREATE TABLE COMMUNITY (
  ID INTEGER NOT NULL,
  NAME VARCHAR(128) NOT NULL,
  TYPE VARCHAR(16) NOT NULL,
  HOST VARCHAR(255),
  PORT INTEGER,
  TRANSPORT VARCHAR(8),
  PROTOCOL VARCHAR(16),
  PRIMARY KEY (ID)
) IN GWTS8K;
CREATE UNIQUE INDEX COMMUNITY_NAME ON COMMUNITY (NAME);
CREATE TABLE COMMUNITY_PROPERTY (
  COMMUNITY_ID INTEGER NOT NULL,
  NAME VARCHAR(128) NOT NULL,
  VALUE VARCHAR(1024),
  PRIMARY KEY (COMMUNITY_ID, NAME)
) IN GWTS8K;
CREATE TABLE DOMAIN_NAME (
  COMMUNITY_ID INTEGER NOT NULL,
  NAME VARCHAR(255) NOT NULL,
  PRIMARY KEY (NAME)
) IN GWTS8K;
CREATE TABLE USER_ACCESS (
  COMMUNITY_ID INTEGER NOT NULL,
  USER_NAME VARCHAR(255) NOT NULL,
  ALLOWED SMALLINT NOT NULL WITH DEFAULT 1,
  PRIMARY KEY (COMMUNITY_ID, USER_NAME)
) IN GWTS8K;
CREATE TABLE GATEWAY_PROPERTY (
  NAME VARCHAR(128) NOT NULL,
  VALUE VARCHAR(1024),
  PRIMARY KEY (NAME)
) IN GWTS8K;
"""

UNIX_SCRIPT = """\
#!/bin/sh
# Creates the database of the gateway: createDb.sh <database> <user>, as the owner of the DB2 instance.
if [ $# -ne 2 ]; then
  echo "Usage: createDb.sh database_name database_user"
  exit 8
fi
here=`dirname "$0"`
db2 create database "$1" using codeset UTF-8 territory US
rc=$?
if [ $rc -ge 4 ]; then
  exit $rc
fi
db2 connect to "$1" || exit $?
db2 -tvsf "$here/gateway.ddl"
rc=$?
if [ $rc -lt 4 ]; then
  db2 "grant connect on database to user $2"
  rc=$?
fi
db2 connect reset
db2 terminate
exit $rc
"""

WINDOWS_SCRIPT = """\
@echo off
rem Creates the database of the gateway, in a DB2 command window: name of the database, and who is to use it.
if "%2"=="" goto usage
db2 create database %1 using codeset UTF-8 territory US
if errorlevel 4 exit /b 4
db2 connect to %1
if errorlevel 4 exit /b 4
db2 -tvsf "%~dp0gateway.ddl"
if errorlevel 4 exit /b 4
db2 "grant connect on database to user %2"
db2 connect reset
db2 terminate
exit /b 0
:usage
echo Usage: createDb.bat database_name database_user
exit /b 8
"""


def media(platform: str) -> dict[str, str]:
    """The scripts' folder, `database/db2`."""
    if platform == "windows":
        return {
            "database/db2/createDb.bat": WINDOWS_SCRIPT.replace("\n", "\r\n"),
            "database/db2/gateway.ddl": SCHEMA.replace("\n", "\r\n"),
        }
    return {"database/db2/createDb.sh": UNIX_SCRIPT, "database/db2/gateway.ddl": SCHEMA}
