exports.config = { transaction: false };
exports.up = async knex => {
  await knex.raw('CREATE INDEX CONCURRENTLY room_name ON room (name)');
  await knex.raw('ALTER TABLE room ADD COLUMN floor int');
  await knex.raw('SELECT pg_sleep(0.8)');
  await knex.raw('CREATE TABLE floor (id int PRIMARY KEY)');
  await knex.raw('SELECT pg_sleep(0.8)');
};
exports.down = () => {};
