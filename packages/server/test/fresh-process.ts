// Test files share a worker, and each begins like a process: without sessions, flights and names of those before it.
Reflect.deleteProperty(globalThis, Symbol.for("pixy/1"));
