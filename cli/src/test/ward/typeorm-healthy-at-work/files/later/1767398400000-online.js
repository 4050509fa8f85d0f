module.exports = class Online1767398400000 {
  async up(runner) {
    await runner.query('CREATE INDEX CONCURRENTLY room_name ON room (name)');
    await runner.query('ALTER TABLE room ADD COLUMN floor int');
    await runner.query('SELECT pg_sleep(0.8)');
    await runner.query('CREATE TABLE floor (id int PRIMARY KEY)');
    await runner.query('SELECT pg_sleep(0.8)');
  }
  async down() {}
};
