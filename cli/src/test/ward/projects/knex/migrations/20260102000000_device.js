exports.up = knex => knex.schema.createTable('device', table => {
  table.integer('id').primary();
  table.integer('room').references('room.id');
});
exports.down = knex => knex.schema.dropTable('device');
