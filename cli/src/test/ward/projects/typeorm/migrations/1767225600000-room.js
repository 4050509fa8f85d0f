module.exports = class Room1767225600000 {
  async up(runner) {
    await runner.query('CREATE TABLE room (id int PRIMARY KEY, name text)');
  }
  async down() {}
};
