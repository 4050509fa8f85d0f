exports.up = ({ context }) => context.query('CREATE TABLE room (id int PRIMARY KEY, name text)');
