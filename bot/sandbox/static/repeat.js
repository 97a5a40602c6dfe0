/** Run `work` again and again, never twice at once; `report` gets the failure, or undefined once it works again. */
export async function repeat(everyMs, work, report) {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, everyMs));
    await work().then(() => report(undefined), report);
  }
}
