/* How charts look: the tokens of the style sheet, read where the chart stands, said in ECharts' words. */
(function () {
  "use strict";

  var TONES = { overdue: "--red", soon: "--amber", running: "--blue", done: "--green", accent: "--accent", quiet: "--ink-3" };
  var ORDER = ["accent", "soon", "running", "overdue", "done", "quiet"];
  var SYMBOLS = ["circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect"];
  var DASHES = ["solid", "dashed", "dotted"];

  function tokensAt(element) {
    var style = window.getComputedStyle(element);
    var rem = parseFloat(window.getComputedStyle(document.documentElement).fontSize);
    return {
      colour: function (name) {
        return style.getPropertyValue(name).trim();
      },
      size: function (name) {
        return Math.round(parseFloat(style.getPropertyValue(name)) * rem);
      },
      font: style.getPropertyValue("--font").trim(),
      rem: rem
    };
  }

  function axis(tokens, text) {
    return {
      axisLine: { lineStyle: { color: tokens.colour("--line-strong") } },
      axisTick: { show: false },
      axisLabel: { color: tokens.colour("--ink-3"), fontSize: text.fontSize, fontFamily: text.fontFamily },
      splitLine: { lineStyle: { color: tokens.colour("--line") } },
      splitArea: { show: false }
    };
  }

  /* In: an element. Out: the theme for charts inside it, and what a series of a given tone and place looks like. */
  window.chartTheme = function (element) {
    var tokens = tokensAt(element);
    var text = { color: tokens.colour("--ink-2"), fontSize: tokens.size("--text-small"), fontFamily: tokens.font };
    var floating = { color: tokens.colour("--ink"), fontSize: text.fontSize, fontFamily: text.fontFamily };
    return {
      rem: tokens.rem,
      colour: function (tone, place) {
        return tokens.colour(TONES[tone] || TONES[ORDER[place % ORDER.length]]);
      },
      symbol: function (place) {
        return SYMBOLS[place % SYMBOLS.length];
      },
      dash: function (place) {
        return DASHES[place % DASHES.length];
      },
      mark: { color: tokens.colour("--ink-2"), label: floating },
      ground: tokens.colour("--surface"),
      theme: {
        backgroundColor: "transparent",
        textStyle: text,
        legend: { textStyle: floating, inactiveColor: tokens.colour("--ink-3") },
        tooltip: {
          backgroundColor: tokens.colour("--surface"),
          borderColor: tokens.colour("--line-strong"),
          textStyle: floating,
          axisPointer: { lineStyle: { color: tokens.colour("--control") }, shadowStyle: { color: tokens.colour("--sunken") } }
        },
        categoryAxis: axis(tokens, text),
        valueAxis: axis(tokens, text)
      }
    };
  };
})();
