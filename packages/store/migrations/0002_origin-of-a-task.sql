-- Tasks from before get about the origin that the WHATWG parser makes of their target; a default port that was
-- written out makes another one of it, which only means that the two are judged apart.
ALTER TABLE "dispatchr"."unfinished_tasks" ADD COLUMN "origin" text COLLATE "C" DEFAULT '' NOT NULL;--> statement-breakpoint
UPDATE "dispatchr"."unfinished_tasks" u
SET "origin" = coalesce(lower(substring(t."target" from '^[^:]+:[/\\]+[^/\\?#]*')), '')
FROM "dispatchr"."tasks" t
WHERE t."seq" = u."seq";
