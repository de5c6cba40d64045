import { readFileSync } from "node:fs";

export interface ProcessorTime {
  /** Spent by programs and the kernel, in s. */
  readonly busy: number;
  /** Busy or not, in s. */
  readonly total: number;
}

/** Of all processors since boot (proc(5), /proc/stat). */
export function processorTime(): ProcessorTime {
  const [, ...ticks] = (readFileSync("/proc/stat", "utf8").split("\n")[0] ?? "").split(/\s+/);
  // user nice system idle iowait irq softirq steal; guest times are in user and nice already. 100 ticks are a second.
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = ticks.map(Number);
  const busy = (user + nice + system + irq + softirq + steal) / 100;
  return { busy, total: busy + (idle + iowait) / 100 };
}
