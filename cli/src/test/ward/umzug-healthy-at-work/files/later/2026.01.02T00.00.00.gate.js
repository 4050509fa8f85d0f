exports.up = async ({ context }) => {
  await context.query('CREATE INDEX CONCURRENTLY room_name ON room (name)');
  await context.query('ALTER TABLE room ADD COLUMN floor int');
  await context.query('SELECT pg_sleep(0.8)');
  await context.query('CREATE TABLE gate (id int PRIMARY KEY)');
  await context.query('SELECT pg_sleep(0.8)');
};
