module.exports = {
  up: async it => {
    await it.sequelize.query('CREATE TABLE room (id int PRIMARY KEY)');
  },
  down: async () => {},
};
