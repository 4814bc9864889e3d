-- The queue before `messages`, which nothing that was released knows. What was in it has moved (20261129002010), and nothing
-- writes it any more.

DROP VIEW mailbox_messages;
DROP TABLE deliveries, recovery_mails;
DROP FUNCTION forward_delivery(), message_kind(text), message_priority(text);
