export { GET } from "../bare/route";
