/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-application.h"

#include <glib/gi18n.h>

#include "stateroom-application-actions.h"
#include "stateroom-picture.h"
#include "stateroom-stopwatch.h"
#include "stateroom-window.h"

struct _StateroomApplication
{
  AdwApplication parent_instance;

  GSettings *settings;
  StateroomPicture *picture;
  StateroomStopwatch *stopwatch;
  gboolean has_failed;
};

G_DEFINE_FINAL_TYPE (StateroomApplication, stateroom_application, ADW_TYPE_APPLICATION)

/* A copy that was not installed has no schema, and then keeps nothing between two runs. */
static GSettings *
load_settings (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;

  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, STATEROOM_APP_ID, TRUE);
  return schema != NULL ? g_settings_new_full (schema, NULL, NULL) : NULL;
}

static StateroomWindow *
get_window (StateroomApplication *self)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  if (STATEROOM_IS_WINDOW (window))
    return STATEROOM_WINDOW (window);
  return stateroom_window_new (self);
}

static void
stateroom_application_startup (GApplication *application)
{
  StateroomApplication *self = STATEROOM_APPLICATION (application);

  G_APPLICATION_CLASS (stateroom_application_parent_class)->startup (application);

  self->settings = load_settings ();
  gtk_window_set_default_icon_name (STATEROOM_APP_ID);
  stateroom_application_add_actions (self);
}

static void
stateroom_application_activate (GApplication *application)
{
  gtk_window_present (GTK_WINDOW (get_window (STATEROOM_APPLICATION (application))));
}

static void
stateroom_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  StateroomApplication *self = STATEROOM_APPLICATION (application);
  StateroomWindow *window = get_window (self);

  if (self->picture != NULL)
    stateroom_picture_start (self->picture, window);
  if (self->stopwatch != NULL)
    stateroom_stopwatch_start (self->stopwatch, window);
  stateroom_window_open_files (window, files, n_files);
  gtk_window_present (GTK_WINDOW (window));
}

static void
stateroom_application_shutdown (GApplication *application)
{
  StateroomApplication *self = STATEROOM_APPLICATION (application);

  self->has_failed = self->picture != NULL && stateroom_picture_has_failed (self->picture);
  g_clear_object (&self->settings);

  G_APPLICATION_CLASS (stateroom_application_parent_class)->shutdown (application);
}

static int
stateroom_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  StateroomApplication *self = STATEROOM_APPLICATION (application);
  g_autoptr (GError) error = NULL;

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("Stateroom %s\n", PACKAGE_VERSION);
      return 0;
    }
  self->picture = stateroom_picture_new_from_options (options, &error);
  if (error != NULL)
    {
      g_printerr ("stateroom: %s\n", error->message);
      return 2;
    }
  self->stopwatch = stateroom_stopwatch_new_from_options (options);
  /* These are done by a process of its own, whatever else runs. */
  if (self->picture != NULL || self->stopwatch != NULL)
    g_application_set_flags (application, G_APPLICATION_NON_UNIQUE | G_APPLICATION_HANDLES_OPEN);
  return G_APPLICATION_CLASS (stateroom_application_parent_class)
      ->handle_local_options (application, options);
}

static void
stateroom_application_finalize (GObject *object)
{
  StateroomApplication *self = STATEROOM_APPLICATION (object);

  g_clear_object (&self->settings);
  g_clear_pointer (&self->picture, stateroom_picture_free);
  g_clear_pointer (&self->stopwatch, stateroom_stopwatch_free);

  G_OBJECT_CLASS (stateroom_application_parent_class)->finalize (object);
}

static void
stateroom_application_class_init (StateroomApplicationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  object_class->finalize = stateroom_application_finalize;

  application_class->startup = stateroom_application_startup;
  application_class->activate = stateroom_application_activate;
  application_class->shutdown = stateroom_application_shutdown;
  application_class->open = stateroom_application_open;
  application_class->handle_local_options = stateroom_application_handle_local_options;
}

static void
stateroom_application_init (StateroomApplication *self)
{
  g_application_add_main_option (G_APPLICATION (self), "version", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE,
                                 _ ("Print the version and exit"), NULL);
  stateroom_picture_add_options (G_APPLICATION (self));
  stateroom_stopwatch_add_options (G_APPLICATION (self));
}

/**
 * stateroom_application_new:
 *
 * Makes the application. It runs once for each session: a second start hands its files to the first.
 *
 * Returns: (transfer full): the application
 */
StateroomApplication *
stateroom_application_new (void)
{
  return g_object_new (STATEROOM_TYPE_APPLICATION, "application-id", STATEROOM_APP_ID, "flags",
                       G_APPLICATION_HANDLES_OPEN, "resource-base-path", "/io/github/stateroom/Stateroom",
                       "version", PACKAGE_VERSION, NULL);
}

/**
 * stateroom_application_get_settings:
 *
 * Returns: (transfer none) (nullable): what is kept between two runs, or %NULL where the schema is not installed
 */
GSettings *
stateroom_application_get_settings (StateroomApplication *self)
{
  g_return_val_if_fail (STATEROOM_IS_APPLICATION (self), NULL);

  return self->settings;
}

/**
 * stateroom_application_has_failed:
 *
 * Returns: whether what the command line asked for could not be done
 */
gboolean
stateroom_application_has_failed (StateroomApplication *self)
{
  g_return_val_if_fail (STATEROOM_IS_APPLICATION (self), FALSE);

  return self->has_failed;
}
