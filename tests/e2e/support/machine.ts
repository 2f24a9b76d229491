import { readFileSync } from 'node:fs';

/** How busy this computer is, from /proc; what it does not tell is left out. */
export class Machine {
  private readonly before = processorTimes();

  /** Since this value was made: `load 12.4, pressure 93 %, steal 0.5 %`. */
  toString(): string {
    const load = /^[\d.]+/.exec(read('/proc/loadavg'))?.[0];
    // The share of the last ten seconds in which something that could run had no processor.
    const pressure = /^some avg10=([\d.]+)/m.exec(read('/proc/pressure/cpu'))?.[1];
    const now = processorTimes();
    const spent = now.all - this.before.all;
    return [
      load && `load ${load}`,
      pressure && `pressure ${Math.round(Number(pressure))} %`,
      spent > 0 && `steal ${((100 * (now.stolen - this.before.stolen)) / spent).toFixed(1)} %`,
    ].filter(Boolean).join(', ');
  }
}

function processorTimes(): { all: number; stolen: number } {
  const times = (/^cpu +(.*)$/m.exec(read('/proc/stat'))?.[1] ?? '').split(' ').map(Number);
  return { all: times.slice(0, 8).reduce((sum, time) => sum + time, 0), stolen: times[7] ?? 0 };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
