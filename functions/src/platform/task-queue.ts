import { getFunctions, type TaskQueue } from 'firebase-admin/functions';
import { firebaseApp } from './firebase.ts';
import { region } from './region.ts';

/** Opens the queue of the task function `functionName`. In a file of its own, so that only who enqueues loads the SDK. */
export function openTaskQueue(functionName: string): TaskQueue {
  return getFunctions(firebaseApp()).taskQueue(`locations/${region}/functions/${functionName}`);
}
