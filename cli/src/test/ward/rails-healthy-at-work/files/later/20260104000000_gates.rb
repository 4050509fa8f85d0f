class Gates < ActiveRecord::Migration[6.1]
  def change
    create_table(:gates) { |t| t.string :name }
    reversible { |it| it.up { execute "SELECT pg_sleep(0.5)" } }
  end
end
