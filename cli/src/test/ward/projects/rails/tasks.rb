# What `rails db:migrate`, `db:migrate:status` and `db:abort_if_pending_migrations` call.
require "active_record"

ENV["RAILS_ENV"] ||= "production"
include ActiveRecord::Tasks
DatabaseTasks.env = "production"
DatabaseTasks.db_dir = "db"
DatabaseTasks.migrations_paths = ["db/migrate"]
ActiveRecord::Migrator.migrations_paths = ["db/migrate"]
ActiveRecord::Base.establish_connection(ENV["DATABASE_URL"])
case ARGV[0]
when "db:migrate" then DatabaseTasks.migrate
when "db:migrate:status" then DatabaseTasks.migrate_status
when "db:abort_if_pending_migrations"
  pending = ActiveRecord::Base.connection.migration_context.open.pending_migrations
  abort "You have #{pending.size} pending migration#{"s" if pending.size > 1}" if pending.any?
end
