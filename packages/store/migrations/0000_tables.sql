CREATE SCHEMA IF NOT EXISTS "dispatchr";
--> statement-breakpoint
CREATE SEQUENCE "dispatchr"."lease_numbers" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 100;--> statement-breakpoint
CREATE TABLE "dispatchr"."attempts" (
	"seq" bigint NOT NULL,
	"attempt" integer NOT NULL,
	"scheduler" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone NOT NULL,
	"duration_ms" integer NOT NULL,
	"outcome" text NOT NULL,
	"status" integer,
	"error_code" text,
	"error_message" text,
	"response_body" text,
	CONSTRAINT "attempts_seq_attempt_pk" PRIMARY KEY("seq","attempt")
);
--> statement-breakpoint
CREATE TABLE "dispatchr"."finished_tasks" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"attempt" integer NOT NULL,
	"attempts_used" integer NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"started_at" timestamp with time zone,
	"cancel_requested_at" timestamp with time zone,
	"finished_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "dispatchr"."tasks" (
	"seq" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "dispatchr"."tasks_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" text COLLATE "C" NOT NULL,
	"idempotency_key" text COLLATE "C",
	"fingerprint" text,
	"target" text NOT NULL,
	"task_name" text,
	"task_args" text,
	"request" text,
	"headers" text,
	"queue" text COLLATE "C" NOT NULL,
	"flow_key" text COLLATE "C" NOT NULL,
	"priority" integer NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone,
	"timeout_ms" integer,
	"retry" text,
	"traceparent" text,
	"tracestate" text,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "dispatchr"."unfinished_tasks" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"queue" text COLLATE "C" NOT NULL,
	"flow_key" text COLLATE "C" NOT NULL,
	"priority" integer NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone,
	"state" text NOT NULL,
	"attempt" integer DEFAULT 0 NOT NULL,
	"attempts_used" integer DEFAULT 0 NOT NULL,
	"lease" bigint,
	"lease_until" timestamp with time zone,
	"scheduler" text,
	"started_at" timestamp with time zone,
	"first_claimed_at" timestamp with time zone,
	"cancel_requested_at" timestamp with time zone
);
--> statement-breakpoint
CREATE INDEX "finished_tasks_completed" ON "dispatchr"."finished_tasks" USING btree ("finished_at") WHERE state = 'completed';--> statement-breakpoint
CREATE INDEX "finished_tasks_other" ON "dispatchr"."finished_tasks" USING btree ("finished_at") WHERE state <> 'completed';--> statement-breakpoint
CREATE INDEX "finished_tasks_other_seq" ON "dispatchr"."finished_tasks" USING btree ("seq") WHERE state <> 'completed';--> statement-breakpoint
CREATE UNIQUE INDEX "tasks_id" ON "dispatchr"."tasks" USING btree ("id");--> statement-breakpoint
CREATE UNIQUE INDEX "tasks_idempotency_key" ON "dispatchr"."tasks" USING btree ("idempotency_key") WHERE idempotency_key IS NOT NULL;--> statement-breakpoint
CREATE INDEX "tasks_queue" ON "dispatchr"."tasks" USING btree ("queue","seq");--> statement-breakpoint
CREATE INDEX "tasks_created" ON "dispatchr"."tasks" USING brin ("created_at");--> statement-breakpoint
CREATE INDEX "unfinished_tasks_due" ON "dispatchr"."unfinished_tasks" USING btree ("queue","priority","due_at");--> statement-breakpoint
CREATE INDEX "unfinished_tasks_expiry" ON "dispatchr"."unfinished_tasks" USING btree ("expires_at") WHERE expires_at IS NOT NULL;