class CreateRooms < ActiveRecord::Migration[6.1]
  def change
    create_table(:rooms) { |t| t.string :name, null: false }
  end
end
