/** Returns the time of day of an ISO moment as the service's users see it: 14:02. */
export function clock(moment) {
  return FORMAT.format(new Date(moment));
}

const FORMAT = new Intl.DateTimeFormat("zh-CN", {
  timeZone: "Asia/Shanghai",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
