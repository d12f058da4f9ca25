import { parseCron } from '@dispatchr/lifecycle';
import type {
  NamedPage,
  NamedPageRequest,
  NewSchedule,
  ScheduledTaskContent,
  ScheduleRecord,
} from '@dispatchr/store';
import { FakeQueueStore, pageOf } from './fake-queue-store.ts';

/** The present of schedules in memory. */
const NOW = new Date('2026-11-22T14:50:00Z');

/** Schedules in memory, which never tick. */
export class FakeScheduleStore extends FakeQueueStore {
  readonly schedules = new Map<string, ScheduleRecord>();
  /** What each of them submits. */
  readonly scheduledTasks = new Map<string, ScheduledTaskContent>();

  async putSchedule(name: string, { task, ...put }: NewSchedule): Promise<ScheduleRecord> {
    this.refuseWhileAway();
    const { paused = false, createdAt = NOW } = this.schedules.get(name) ?? {};
    this.scheduledTasks.set(name, task);
    return this.#write({ ...put, name, paused, createdAt });
  }

  async findSchedule(name: string): Promise<ScheduleRecord | undefined> {
    this.refuseWhileAway();
    return this.schedules.get(name);
  }

  async listSchedules(page: NamedPageRequest): Promise<NamedPage<ScheduleRecord>> {
    this.refuseWhileAway();
    return pageOf([...this.schedules.values()], page, ({ name }) => name);
  }

  async pauseSchedule(name: string): Promise<ScheduleRecord | undefined> {
    const schedule = await this.findSchedule(name);
    return schedule && this.#write({ ...schedule, paused: true });
  }

  async resumeSchedule(name: string): Promise<ScheduleRecord | undefined> {
    const schedule = await this.findSchedule(name);
    return schedule && this.#write({ ...schedule, paused: false });
  }

  async deleteSchedule(name: string): Promise<boolean> {
    this.refuseWhileAway();
    return this.schedules.delete(name);
  }

  #write({ nextTickAt: _before, ...schedule }: ScheduleRecord): ScheduleRecord {
    const parsed = parseCron(schedule.cron, schedule.timeZone);
    const next = parsed.kind === 'schedule' && !schedule.paused ? parsed.nextAfter(NOW) : undefined;
    const written = { ...schedule, ...(next && { nextTickAt: next }) };
    this.schedules.set(schedule.name, written);
    return written;
  }
}
