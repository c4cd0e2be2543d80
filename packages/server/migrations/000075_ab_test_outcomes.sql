-- The outcome by which the winner of an A/B test is found, where one decides.
alter table ab_tests add column winner_outcome text;
