exports.up = async knex => {
  await knex.raw('CREATE TABLE gate (id int PRIMARY KEY, name text)');
  await knex.raw('SELECT pg_sleep(0.5)');
};
exports.down = () => {};
