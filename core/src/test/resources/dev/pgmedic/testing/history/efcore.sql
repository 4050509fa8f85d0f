-- Npgsql.EntityFrameworkCore 8 to 10: dotnet ef database update
CREATE TABLE "__EFMigrationsHistory" (
  "MigrationId" varchar(150) NOT NULL, "ProductVersion" varchar(32) NOT NULL,
  CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY ("MigrationId"));
INSERT INTO "__EFMigrationsHistory" VALUES ('20260101000000_First', '9.0.0');
