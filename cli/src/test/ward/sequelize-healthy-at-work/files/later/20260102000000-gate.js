module.exports = {
  up: async it => {
    await it.sequelize.query('CREATE TABLE gate (id int PRIMARY KEY)');
    await it.sequelize.query('SELECT pg_sleep(0.8)');
    await it.sequelize.query('CREATE TABLE floor (id int PRIMARY KEY)');
    await it.sequelize.query('SELECT pg_sleep(0.8)');
  },
  down: async () => {},
};
