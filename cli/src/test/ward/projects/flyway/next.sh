echo 'CREATE TABLE onward (id int PRIMARY KEY);' > sql/V99__onward.sql
flyway migrate
flyway validate
