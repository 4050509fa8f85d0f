cat > db/migrate/20270101000000_create_onwards.rb <<'END'
class CreateOnwards < ActiveRecord::Migration[6.1]
  def change
    create_table(:onwards)
  end
end
END
ruby tasks.rb db:migrate
ruby tasks.rb db:abort_if_pending_migrations
