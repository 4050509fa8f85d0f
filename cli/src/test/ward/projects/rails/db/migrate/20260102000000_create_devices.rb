class CreateDevices < ActiveRecord::Migration[6.1]
  def change
    create_table(:devices) do |t|
      t.references :room, foreign_key: true
      t.datetime :seen
    end
  end
end
