-- What was sent to one person, latest first, as their record shows it. A message to everybody with an address has no person.
CREATE INDEX messages_person_idx ON messages (person_id, created_at DESC) WHERE person_id IS NOT NULL;
