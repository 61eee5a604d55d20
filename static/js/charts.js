/* Charts are drawn from the tables beside them; docs/howto/draw-a-chart.md says what a table may say. Without this file,
   or where it fails, the table is there. */
(function () {
  "use strict";

  var echarts = window.echarts;
  var still = window.matchMedia("(prefers-reduced-motion: reduce)");
  if (!echarts || !window.chartTheme) return;

  function list(nodes) {
    return Array.prototype.slice.call(nodes);
  }

  /* -- The table, read ------------------------------------------------------------------------------------------- */

  function number(cell) {
    var said = cell && (cell.getAttribute("data-value") || cell.textContent);
    var digits = said ? said.replace(/[,\s%]/g, "") : "";
    return /^-?\d+(\.\d+)?$/.test(digits) ? Number(digits) : null;
  }

  function words(cell) {
    return (cell.getAttribute("data-name") || cell.textContent).trim();
  }

  /* In: a table. Out: the names of its rows, and a series for each column that is drawn. */
  function read(table) {
    var rows = list(table.tBodies).reduce(function (all, body) {
      return all.concat(list(body.rows));
    }, []).filter(function (row) {
      return !row.hasAttribute("data-undrawn") && row.cells.length > 1;
    });
    if (table.hasAttribute("data-newest-first")) rows.reverse();
    return {
      names: rows.map(function (row) {
        return words(row.cells[0]);
      }),
      series: list(table.tHead.rows[0].cells).slice(1).map(function (head, place) {
        return {
          head: head,
          name: words(head),
          values: rows.map(function (row) {
            return number(row.cells[place + 1]);
          })
        };
      }).filter(function (column) {
        return !column.head.hasAttribute("data-undrawn");
      })
    };
  }

  /* -- The table, drawn ------------------------------------------------------------------------------------------ */

  function line(look, colour, place, isFilled) {
    return {
      type: "line",
      symbol: look.symbol(place),
      symbolSize: Math.round(look.rem * 0.375),
      lineStyle: { width: 2, type: look.dash(place), color: colour },
      areaStyle: isFilled ? { opacity: 0.14 } : undefined,
      connectNulls: false
    };
  }

  function bar(column) {
    return { type: "bar", barMaxWidth: 28, stack: column.head.getAttribute("data-stack") || undefined };
  }

  function series(column, place, kind, look) {
    var as = column.head.getAttribute("data-as") || kind;
    var colour = look.colour(column.head.getAttribute("data-tone"), place);
    var drawn = as === "line" || as === "area" ? line(look, colour, place, as === "area") : bar(column);
    drawn.name = column.name;
    drawn.itemStyle = { color: colour };
    drawn.data = column.values;
    return drawn;
  }

  function markAt(name, names, look) {
    if (!name || names.indexOf(name) < 0) return undefined;
    return {
      silent: true,
      symbol: "none",
      animation: false,
      lineStyle: { color: look.mark.color, type: "solid", width: 1 },
      label: { formatter: name, color: look.mark.label.color, fontSize: look.mark.label.fontSize },
      data: [{ xAxis: name }]
    };
  }

  function axes(names, isAcross) {
    var category = { type: "category", data: names, inverse: isAcross, axisLabel: { hideOverlap: true } };
    var value = { type: "value", minInterval: 1, splitNumber: 4, axisLine: { show: false } };
    return isAcross ? { xAxis: value, yAxis: category } : { xAxis: category, yAxis: value };
  }

  /* In: what the table says and the figure's own wishes. Out: ECharts' options. */
  function options(figure, found, look) {
    var kind = figure.getAttribute("data-chart");
    var drawn = found.series.map(function (column, place) {
      return series(column, place, kind, look);
    });
    var placed = axes(found.names, kind === "across");
    if (drawn.length) drawn[0].markLine = markAt(figure.getAttribute("data-mark"), found.names, look);
    return {
      animation: !still.matches,
      animationDuration: 200,
      animationDurationUpdate: 200,
      // Bars and areas keep apart by hatching, lines by dash and mark: colour is never alone.
      aria: { enabled: true, decal: { show: drawn.length > 1 }, label: { enabled: false } },
      grid: { left: 4, right: Math.round(look.rem * 1.25), top: Math.round(look.rem * 2.5), bottom: 4, containLabel: true },
      legend: { show: drawn.length > 1, top: 0, left: 0, itemWidth: Math.round(look.rem * 1.5) },
      // As HTML it would bring style attributes, which the content security policy refuses.
      tooltip: { trigger: "axis", renderMode: "richText", confine: true, axisPointer: { type: kind === "line" ? "line" : "shadow" } },
      xAxis: placed.xAxis,
      yAxis: placed.yAxis,
      series: drawn
    };
  }

  /* -- On the page ----------------------------------------------------------------------------------------------- */

  function plotOf(figure) {
    return figure.querySelector(".chart-plot");
  }

  function paint(figure, isAnew) {
    var table = document.getElementById(figure.getAttribute("data-table"));
    var plot = plotOf(figure);
    var chart = echarts.getInstanceByDom(plot);
    var look = window.chartTheme(figure);
    if (!table || !table.tHead) return;
    if (chart && isAnew) chart.dispose();
    if (!chart || isAnew) chart = echarts.init(plot, look.theme, { renderer: "canvas" });
    chart.setOption(options(figure, read(table), look), { replaceMerge: ["series"] });
  }

  function figures(root) {
    var within = list(root.querySelectorAll("figure[data-chart]"));
    return root.matches && root.matches("figure[data-chart]") ? within.concat(root) : within;
  }

  function draw(root) {
    figures(root || document).forEach(function (figure) {
      if (!echarts.getInstanceByDom(plotOf(figure))) paint(figure, true);
      watchWidth(figure);
    });
  }

  function refresh(table) {
    figures(document).forEach(function (figure) {
      if (figure.getAttribute("data-table") === table.id) paint(figure, false);
    });
  }

  function drawAnew() {
    figures(document).forEach(function (figure) {
      paint(figure, true);
    });
  }

  function watchWidth(figure) {
    if (!window.ResizeObserver || figure.hasAttribute("data-watched")) return;
    figure.setAttribute("data-watched", "");
    new ResizeObserver(function () {
      var chart = echarts.getInstanceByDom(plotOf(figure));
      if (chart) chart.resize();
    }).observe(plotOf(figure));
  }

  window.charts = { draw: draw, refresh: refresh };
  draw(document);

  // The theme or the size of type changed, here or in the device: other colours, other letters.
  new MutationObserver(drawAnew).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "class"] });
  window.matchMedia("(prefers-color-scheme: dark)").addListener(drawAnew);
  document.addEventListener("htmx:afterSettle", function (event) {
    var fresh = event.target;
    draw(fresh);
    list(fresh.querySelectorAll("table[id]")).concat(fresh.matches("table[id]") ? fresh : []).forEach(refresh);
  });
})();
