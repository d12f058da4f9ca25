// Loaded into a process of the service before anything else: its wall clock is off by CHAOS_CLOCK_OFFSET_MS.
const offsetMs = Number(process.env['CHAOS_CLOCK_OFFSET_MS'] ?? 0);

if (offsetMs !== 0) {
  const RealDate = Date;
  globalThis.Date = class extends RealDate {
    constructor(...values) {
      if (values.length === 0) super(RealDate.now() + offsetMs);
      else super(...values);
    }

    static now() {
      return RealDate.now() + offsetMs;
    }
  };
}
