-- Deadlines and amounts are compared each with its own. What was compared before was compared otherwise: without a
-- version it is understood anew, and its revisions are those that a rebuild gives.

UPDATE understood SET version = '';
