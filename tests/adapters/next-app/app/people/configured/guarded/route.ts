export { GET } from "../../guarded/route.ts";
