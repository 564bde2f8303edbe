-- How often what was there went missing without being told, and whether that was told since it was last there.
ALTER TABLE streak ADD COLUMN absences INTEGER NOT NULL DEFAULT 0;
ALTER TABLE streak ADD COLUMN missed INTEGER NOT NULL DEFAULT 0;
