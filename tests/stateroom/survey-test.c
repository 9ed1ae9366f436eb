/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "app-test-util.h"
#include "inspector-test-util.h"

#define MEGABYTE ((guint64) 1000 * 1000)

typedef struct
{
  StateroomApplication *app;
  StateroomWindow *window;
  StateroomPage *page;
  StateroomSurveyBar *bar;
} Fixture;

static void
open_file (Fixture *self, const char *path)
{
  self->app = app_test_new_app ();
  self->window = app_test_open (self->app, path);
  self->page = stateroom_window_get_page (self->window);
  self->bar = stateroom_page_get_survey_bar (self->page);
}

static StateroomSurvey *
get_survey (Fixture *self)
{
  return stateroom_inspector_get_survey (stateroom_page_get_inspector (self->page));
}

/* A file with one tensor of zeros, most of which is a hole on the disk. */
static char *
write_zeros (guint64 n_bytes)
{
  g_autofree char *header = g_strdup_printf ("{\"zeros\":{\"dtype\":\"F32\",\"shape\":[%" G_GUINT64_FORMAT
                                             "],\"data_offsets\":[0,%" G_GUINT64_FORMAT "]}}",
                                             n_bytes / 4, n_bytes);
  guint64 length = GUINT64_TO_LE (strlen (header));
  g_autoptr (GByteArray) data = g_byte_array_new ();
  char *path;

  g_byte_array_append (data, (const guint8 *) &length, sizeof length);
  g_byte_array_append (data, (const guint8 *) header, (guint) strlen (header));
  path = app_test_file ("zeros.safetensors", data->data, (gssize) data->len);
  g_assert_cmpint (truncate (path, (off_t) (data->len + n_bytes)), ==, 0);
  return path;
}

/* Of a small file on this computer all statistics are computed by themselves. */
static void
test_by_itself (void)
{
  g_autofree char *path = app_test_fixture ("cuda1_multi_item.pt");
  Fixture self;
  CkptTree *tree;

  open_file (&self, path);
  WAIT_UNTIL (!stateroom_survey_bar_is_busy (self.bar));
  g_assert_cmpstr (stateroom_survey_bar_get_page (self.bar), ==, "nothing");
  tree = stateroom_page_get_tree (self.page);
  for (guint32 i = 0; i < ckpt_tree_get_n_tensors (tree); i++)
    {
      const StateroomResult *result = stateroom_survey_get_result (get_survey (&self), i);

      g_assert_nonnull (result);
      g_assert_null (result->error);
      g_assert_cmpuint (result->stats.n, ==, ckpt_tree_get_tensor (tree, i)->numel);
    }
  app_test_free_app (self.app);
}

/* A large one is read only when asked for, and that can be cancelled. */
static void
test_large (void)
{
  g_autofree char *path = write_zeros (3000 * MEGABYTE);
  Fixture self;
  GtkWidget *button;
  StateroomSurveyProgress progress;

  open_file (&self, path);
  WAIT_UNTIL (!stateroom_survey_bar_is_busy (self.bar));
  g_assert_cmpstr (stateroom_survey_bar_get_page (self.bar), ==, "ask");
  g_assert_null (stateroom_survey_get_result (get_survey (&self), 0));
  button = inspector_test_find_button (GTK_WIDGET (self.bar), "Compute (3 GB, about 5 s)");
  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
  WAIT_UNTIL (g_str_equal (stateroom_survey_bar_get_page (self.bar), "progress"));
  stateroom_survey_get_progress (get_survey (&self), &progress);
  g_assert_cmpuint (progress.n_total, ==, 1);
  g_signal_emit_by_name (inspector_test_find_button (GTK_WIDGET (self.bar), "Cancel"), "clicked");
  g_assert_false (stateroom_survey_is_running (get_survey (&self)));
  WAIT_UNTIL (g_str_equal (stateroom_survey_bar_get_page (self.bar), "ask"));
  g_assert_null (stateroom_survey_get_result (get_survey (&self), 0));
  app_test_free_app (self.app);
  g_unlink (path);
}

/* What is asked for while something else is computed comes after it, once. */
static void
test_queue (void)
{
  g_autofree char *path = app_test_fixture ("cuda1_multi_item.pt");
  g_autoptr (CkptTree) tree = ckpt_load (path, NULL, NULL, NULL, NULL);
  g_autoptr (StateroomSurvey) survey = stateroom_survey_new (tree);
  const guint32 first[] = { 0, 1 }, second[] = { 1, 2 };

  stateroom_survey_start (survey, first, 2);
  stateroom_survey_start (survey, second, 2);
  WAIT_UNTIL (!stateroom_survey_is_running (survey));
  for (guint32 i = 0; i < 3; i++)
    g_assert_nonnull (stateroom_survey_get_result (survey, i));
  g_assert_null (stateroom_survey_get_result (survey, 3));
  /* Nothing is left to do. */
  stateroom_survey_start (survey, first, 2);
  g_assert_false (stateroom_survey_is_running (survey));
}

static void
test_result (void)
{
  g_autofree char *path = app_test_fixture ("special_values.pt");
  g_autoptr (CkptTree) tree = ckpt_load (path, NULL, NULL, NULL, NULL);
  g_autoptr (StateroomSurvey) survey = stateroom_survey_new (tree);
  const CkptTensor *tensor;
  g_autoptr (CkptPath) where = ckpt_path_resolve (tree, "[\"f32\"]", NULL);
  const StateroomResult *result;

  tensor = ckpt_tree_get_node_tensor (tree, ckpt_path_get_node (where, tree));
  stateroom_survey_start (survey, &tensor->index, 1);
  WAIT_UNTIL (!stateroom_survey_is_running (survey));
  result = stateroom_survey_get_result (survey, tensor->index);
  g_assert_true (result->has_bars && result->has_percentiles);
  g_assert_cmpuint (result->stats.n_nan, ==, 1);
  g_assert_cmpfloat (result->p1, ==, -1.5);
  g_assert_cmpfloat (result->median, ==, 0);
  /* Four values stand together at one end, one at the other. */
  g_assert_cmpuint (result->bars[0], ==, G_MAXUINT8);
  g_assert_cmpuint (result->bars[STATEROOM_RESULT_BARS - 1], >, 0);
  g_assert_cmpuint (result->bars[1], ==, 0);
}

int
main (int argc, char *argv[])
{
  app_test_init (&argc, &argv);

  g_test_add_func ("/survey/by-itself", test_by_itself);
  g_test_add_func ("/survey/large", test_large);
  g_test_add_func ("/survey/queue", test_queue);
  g_test_add_func ("/survey/result", test_result);

  return g_test_run ();
}
