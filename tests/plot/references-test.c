/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot-scenes.h"


static const struct
{
  const char *name;
  CkptPlotVariant variant;
} variants[] = {
  { "light", CKPT_PLOT_LIGHT },
  { "dark", CKPT_PLOT_DARK },
  { "light-high-contrast", CKPT_PLOT_LIGHT_HIGH_CONTRAST },
  { "dark-high-contrast", CKPT_PLOT_DARK_HIGH_CONTRAST },
};

static GBytes *
draw (const PlotScene *scene, CkptPlotVariant variant)
{
  g_autoptr (CkptPlot) plot = scene->make ();
  g_autoptr (CkptPlotTheme) theme = ckpt_plot_theme_new (variant);
  const CkptPlotExport options = { CKPT_PLOT_FORMAT_PNG, scene->width, scene->height, 1, NULL };
  g_autoptr (GError) error = NULL;
  GBytes *bytes;

  ckpt_plot_set_theme (plot, theme);
  bytes = ckpt_plot_export (plot, &options, &error);
  g_assert_no_error (error);
  return bytes;
}

int
main (int argc, char **argv)
{
  const char *folder = argc > 1 ? argv[1] : ".";

  for (guint i = 0; i < plot_scenes_get_n (); i++)
    {
      for (gsize v = 0; v < G_N_ELEMENTS (variants); v++)
        {
          const PlotScene *scene = plot_scenes_get (i);
          g_autoptr (GBytes) bytes = draw (scene, variants[v].variant);
          g_autofree char *name = g_strdup_printf ("%s/%s-%s.png", folder, scene->name, variants[v].name);

          g_file_set_contents (name, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), NULL);
        }
    }
  return 0;
}
