/**
 * Around one call: whatever is thrown by code that runs for it ends that call and no other (rule END-43). What goes into a
 * call and out of it is guarded here, once, instead of caught everywhere.
 */
import type { Clock, EventReader } from './ports.ts';

export class ErrorBoundary {
  readonly #faulted: (error: unknown) => void;
  #isInside = false;

  /** @param faulted hears of each fault once it has unwound all of the call's code. */
  constructor(faulted: (error: unknown) => void) {
    this.#faulted = faulted;
  }

  /** Runs `task` for the call. @returns what it returns; undefined after a fault. @throws within itself, to the outermost. */
  run<T>(task: () => T): T | undefined {
    if (this.#isInside) return task();
    this.#isInside = true;
    try {
      return task();
    } catch (error) {
      this.#faulted(error);
      return undefined;
    } finally {
      this.#isInside = false;
    }
  }

  /** @returns the same as a listener, which never throws. */
  listener<Args extends unknown[]>(task: (...args: Args) => void): (...args: Args) => void {
    return (...args) => {
      this.#apply(task as unknown as Method, this, args);
    };
  }

  /** @returns the same time, whose tasks run inside. */
  clock(clock: Clock): Clock {
    return {
      nowMs: () => clock.nowMs(),
      wallTime: () => clock.wallTime(),
      after: (delayMs, task) => clock.after(delayMs, this.listener(task)),
    };
  }

  /**
   * @returns an object that looks the same, whose methods run inside. A method that faults returns undefined; a promise
   * that is rejected is a fault too and never settles, since nobody is left to go on with it.
   */
  guard<T extends object>(target: T): T {
    // Made once with the object, not looked up at each call: frames pass here 50 times a second and call.
    const guarded: Record<string, unknown> = {};
    for (const name of namesOf(target)) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value === 'function')
        guarded[name] = (...args: unknown[]): unknown => this.#settled(this.#apply(value as Method, target, args));
      else Object.defineProperty(guarded, name, { get: () => Reflect.get(target, name, target) as unknown });
    }
    return guarded as T;
  }

  #apply(method: Method, target: object, args: unknown[]): unknown {
    if (this.#isInside) return method.apply(target, args);
    this.#isInside = true;
    try {
      return method.apply(target, args);
    } catch (error) {
      this.#faulted(error);
      return undefined;
    } finally {
      this.#isInside = false;
    }
  }

  #settled(result: unknown): unknown {
    if (!(result instanceof Promise)) return result;
    return result.catch((error: unknown) => {
      this.#faulted(error);
      return new Promise(() => {});
    });
  }
}

type Method = (this: object, ...args: unknown[]) => unknown;

/** @returns the names of an object's fields, methods and accessors, its classes' too, without those of every object. */
function namesOf(target: object): Set<string> {
  const names = new Set<string>();
  for (
    let holder: object | null = target;
    holder !== null && holder !== Object.prototype;
    holder = Reflect.getPrototypeOf(holder)
  )
    for (const name of Object.getOwnPropertyNames(holder)) if (name !== 'constructor') names.add(name);
  return names;
}

/** @returns a reader whose faults stay its own: calls and other readers go on. */
export function fenced(reader: EventReader, faulted: (error: unknown, callId: string) => void): EventReader {
  const attempt = (callId: string, task: () => void): void => {
    try {
      task();
    } catch (error) {
      faulted(error, callId);
    }
  };
  return {
    happened: (event) => attempt(event.callId, () => reader.happened(event)),
    words: (words) => attempt(words.callId, () => reader.words(words)),
  };
}

/** Runs all of them, whatever becomes of those before. @throws the first of what was thrown. */
export function allInTurn(...tasks: (() => void)[]): void {
  const errors: unknown[] = [];
  for (const task of tasks)
    try {
      task();
    } catch (error) {
      errors.push(error);
    }
  if (errors.length > 0) throw errors[0];
}
