module.exports = class Gate1767312000000 {
  async up(runner) {
    await runner.query('CREATE TABLE gate (id int PRIMARY KEY)');
    await runner.query('SELECT pg_sleep(0.8)');
  }
  async down() {}
};
