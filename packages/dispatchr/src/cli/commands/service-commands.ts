import type { Command } from 'commander';
import { addConfigCommand } from './config-command.ts';
import { addMigrateCommand } from './migrate-command.ts';
import { addRecorderCommand } from './recorder-command.ts';
import { addSchedulerCommand } from './scheduler-command.ts';
import { addServeCommand } from './serve-command.ts';

/** Adds the commands that run the service, or look after what it needs. */
export function addServiceCommands(program: Command): void {
  addServeCommand(program);
  addRecorderCommand(program);
  addSchedulerCommand(program);
  addMigrateCommand(program);
  addConfigCommand(program);
}
