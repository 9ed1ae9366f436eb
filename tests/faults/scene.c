/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scene.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct
{
  Scene *scene;
  guint index; /* of the call that @answer is for */
  TracerAnswer answer;
  gboolean is_recording;
  guint n_before; /* calls before the saving began */
  gboolean has_begun;
} Play;

/* Words IN and OUT of a command are the files. */
static char **
make_argv (Scene *self, const char *const *words)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (gsize i = 0; words[i] != NULL; i++)
    if (g_str_equal (words[i], "IN"))
      g_strv_builder_add (builder, self->from);
    else
      g_strv_builder_add (builder, g_str_equal (words[i], "OUT") ? self->path : words[i]);
  return g_strv_builder_end (builder);
}

static GBytes *
read_content (const char *path)
{
  char *content = NULL;
  gsize length = 0;

  return g_file_get_contents (path, &content, &length, NULL) ? g_bytes_new_take (content, length) : NULL;
}

static void
call_free (gpointer data)
{
  TracerCall *call = data;

  g_free ((char *) call->name);
  g_free ((char *) call->path);
  g_free (call);
}

/**
 * scene_new:
 * @original: the file to save
 * @is_over: whether it is saved over itself, or under another name
 * @words: (array zero-terminated=1): the command; IN and OUT stand for the files
 *
 * Returns: (transfer full): the scene
 */
Scene *
scene_new (const char *original, gboolean is_over, const char *const *words)
{
  g_autofree char *ending = g_strdup (strrchr (original, '.'));
  g_autofree char *from = g_strconcat ("from", ending, NULL);
  g_autofree char *to = g_strconcat ("to", ending, NULL);
  Scene *self = g_new0 (Scene, 1);
  char *folder = g_dir_make_tmp ("faults-XXXXXX", NULL);

  g_assert_nonnull (folder);
  self->folder = folder;
  self->from = g_build_filename (folder, from, NULL);
  self->path = g_build_filename (folder, is_over ? from : to, NULL);
  self->argv = make_argv (self, words);
  self->old_content = read_content (original);
  g_assert_nonnull (self->old_content);
  self->calls = g_ptr_array_new_with_free_func (call_free);
  return self;
}

static void
clear_folder (Scene *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);

      g_assert_no_errno (g_remove (path));
    }
}

/**
 * scene_free:
 * @self: (transfer full): a scene, whose folder is removed
 */
void
scene_free (Scene *self)
{
  clear_folder (self);
  g_rmdir (self->folder);
  g_free (self->folder);
  g_free (self->from);
  g_free (self->path);
  g_strfreev (self->argv);
  g_bytes_unref (self->old_content);
  g_clear_pointer (&self->new_content, g_bytes_unref);
  g_ptr_array_unref (self->calls);
  g_free (self);
}

static void
set_up (Scene *self)
{
  gsize length;
  const void *content = g_bytes_get_data (self->old_content, &length);

  clear_folder (self);
  g_assert_true (
      g_file_set_contents_full (self->from, content, length, G_FILE_SET_CONTENTS_NONE, 0644, NULL));
}

/* A saving begins with opening the folder, as what no other does. */
static gboolean
begins (const TracerCall *call)
{
  const guint64 flags = O_PATH | O_DIRECTORY;

  return g_str_equal (call->name, "openat") && (call->args[2] & flags) == flags;
}

static TracerAnswer
on_call (const TracerCall *call, gpointer user_data)
{
  Play *play = user_data;
  TracerCall *copy;

  if (!play->has_begun && begins (call))
    {
      play->has_begun = TRUE;
      play->n_before = call->index;
    }
  if (!play->has_begun)
    return (TracerAnswer) { TRACER_LET };
  if (play->is_recording)
    {
      copy = g_memdup2 (call, sizeof *call);
      copy->index = call->index - play->n_before;
      copy->name = g_strdup (call->name);
      copy->path = g_strdup (call->path);
      g_ptr_array_add (play->scene->calls, copy);
      return (TracerAnswer) { TRACER_LET };
    }
  return call->index - play->n_before == play->index ? play->answer : (TracerAnswer) { TRACER_LET };
}

/**
 * scene_rehearse:
 * @self: a scene
 *
 * Plays it with nothing going wrong, to know how it ends and what calls it is made of.
 */
void
scene_rehearse (Scene *self)
{
  Play play = { .scene = self, .is_recording = TRUE };
  g_autofree char *output = NULL;
  int status;

  set_up (self);
  status = tracer_run ((const char *const *) self->argv, on_call, &play, &output);
  g_assert_cmpstr (output, ==, "");
  g_assert_cmpint (status, ==, 0);
  self->new_content = read_content (self->path);
  g_assert_nonnull (self->new_content);
  g_assert_false (g_bytes_equal (self->old_content, self->new_content));
  g_assert_cmpuint (self->calls->len, >, 10);
}

/**
 * scene_play:
 * @self: a scene that was rehearsed
 * @index: of the call that goes wrong
 * @answer: how
 * @output: (out) (optional): what the command printed
 *
 * Returns: how it ended, as of waitpid()
 */
int
scene_play (Scene *self, guint index, TracerAnswer answer, char **output)
{
  Play play = { .scene = self, .index = index, .answer = answer };
  g_autofree char *printed = NULL;
  int status;

  set_up (self);
  status = tracer_run ((const char *const *) self->argv, on_call, &play, &printed);
  if (output != NULL)
    *output = g_steal_pointer (&printed);
  return status;
}

/**
 * scene_get_state:
 * @self: a scene that was played
 *
 * Returns: which file is there; there must be one of both, and the file that was read must be whole
 */
SceneState
scene_get_state (Scene *self)
{
  g_autoptr (GBytes) content = read_content (self->path);
  gboolean is_over = g_str_equal (self->from, self->path);
  g_autoptr (GBytes) from = is_over ? NULL : read_content (self->from);

  if (!is_over)
    g_assert_true (g_bytes_equal (from, self->old_content));
  if (!is_over && content == NULL)
    return SCENE_OLD;
  g_assert_nonnull (content);
  if (is_over && g_bytes_equal (content, self->old_content))
    return SCENE_OLD;
  g_assert_true (g_bytes_equal (content, self->new_content));
  return SCENE_NEW;
}

/**
 * scene_list_temporaries:
 * @self: a scene that was played
 *
 * Returns: (transfer full): the files that are there beside those that should be
 */
char **
scene_list_temporaries (Scene *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);

      if (!g_str_equal (path, self->from) && !g_str_equal (path, self->path) && !g_str_has_suffix (path, "~"))
        g_strv_builder_take (builder, g_steal_pointer (&path));
    }
  return g_strv_builder_end (builder);
}

/**
 * scene_is_inside:
 * @self: a scene
 * @call: one of its calls
 *
 * Returns: whether the call is about the folder or a file in it
 */
gboolean
scene_is_inside (Scene *self, const TracerCall *call)
{
  return call->path != NULL && g_str_has_prefix (call->path, self->folder);
}

/**
 * scene_is_temporary:
 * @call: a call
 *
 * Returns: whether the call is about the file that is being written
 */
gboolean
scene_is_temporary (const TracerCall *call)
{
  return call->path != NULL && g_str_has_suffix (call->path, ".part");
}
