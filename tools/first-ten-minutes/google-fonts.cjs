// What Google answers for the fonts of create-next-app's template, in short. Next reads it with
// NEXT_FONT_GOOGLE_MOCKED_RESPONSES; a font that is not named here still fails the build.
const style = (family) => `@font-face { font-family: "${family}"; src: local("${family}"); }`;

module.exports = {
  "https://fonts.googleapis.com/css2?family=Geist:wght@100..900&display=swap": style("Geist"),
  "https://fonts.googleapis.com/css2?family=Geist+Mono:wght@100..900&display=swap": style("Geist Mono"),
};
