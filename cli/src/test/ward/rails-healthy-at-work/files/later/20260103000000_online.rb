class Online < ActiveRecord::Migration[6.1]
  disable_ddl_transaction!
  def up
    add_index :rooms, :name, algorithm: :concurrently
    add_column :rooms, :floor, :integer
    execute "SELECT pg_sleep(0.8)"
    create_table :floors
    execute "SELECT pg_sleep(0.8)"
  end
end
