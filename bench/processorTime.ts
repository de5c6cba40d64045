import { readFileSync } from "node:fs";

export interface ProcessorTime {
  /** Time spent by programs and the kernel, in s. */
  readonly busy: number;
  /** Busy and idle time, in s. */
  readonly total: number;
}

/** Time of all processors since boot (proc(5), /proc/stat). */
export function processorTime(): ProcessorTime {
  const [, ...ticks] = (readFileSync("/proc/stat", "utf8").split("\n")[0] ?? "").split(/\s+/);
  // Fields: user nice system idle iowait irq softirq steal. Guest times are included in user and nice. A second has 100
  // ticks.
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = ticks.map(Number);
  const busy = (user + nice + system + irq + softirq + steal) / 100;
  return { busy, total: busy + (idle + iowait) / 100 };
}
