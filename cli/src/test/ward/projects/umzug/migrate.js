const { Sequelize } = require('sequelize');
const { SequelizeStorage, Umzug } = require('umzug');

const sequelize = new Sequelize(process.env.DATABASE_URL, { logging: false });
const umzug = new Umzug({
  migrations: { glob: 'migrations/*.js' },
  context: sequelize,
  storage: new SequelizeStorage({ sequelize }),
  logger: undefined,
});
const names = migrations => migrations.map(migration => migration.name).join(' ') || 'none';

umzug[process.argv[2]]()
  .then(done => console.log(`${process.argv[2]}: ${names(done)}`))
  .finally(() => sequelize.close());
