export { GET } from "../pixy/route";
