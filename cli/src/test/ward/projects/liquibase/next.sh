printf -- '--changeset ward:onward\nCREATE TABLE onward (id int PRIMARY KEY);\n' >> changelog.sql
liquibase update
liquibase status | grep 'is up to date'
