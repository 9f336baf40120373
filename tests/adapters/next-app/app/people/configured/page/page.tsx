export { default } from "../../pages/page.tsx";
